/** Why a command line cannot be used. `hint` points to the help as well. */
export class Refusal {
  constructor(
    readonly message: string,
    readonly hint: boolean = false,
  ) {}
}

/** The wording for a value that an option cannot take; `spelled` is the option as it was found. */
export function invalidArgument(spelled: string, value: string): Refusal {
  return new Refusal(`invalid ${spelled} argument: '${value}'`, true)
}

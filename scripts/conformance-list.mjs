/**
 * The list of strace's tests (test/conformance.json): those that pass, by stage, and those that do not, each with its
 * cause in a line.
 *
 * @typedef {{ suite: string, passes: { [stage: string]: string[] }, fails: { [test: string]: string } }} List
 */

/** What stands for a cause until somebody has looked. */
export const noCause = 'cause not yet found'

/**
 * The list after a run: `results` by test name. What did not run stays as it was, and a test that still fails keeps its
 * cause.
 *
 * @param {List} list
 * @param {readonly { name: string, tests: readonly string[] }[]} stages
 * @param {ReadonlyMap<string, string>} results
 * @returns {List}
 */
export function updated(list, stages, results) {
  const before = new Set(Object.values(list.passes).flat())
  const passes = test => (results.has(test) ? results.get(test) === 'PASS' : before.has(test))
  const failed = test => (results.has(test) ? !passes(test) : test in list.fails && !before.has(test))
  return {
    suite: list.suite,
    passes: Object.fromEntries(stages.map(({ name, tests }) => [name, tests.filter(passes).sort()])),
    fails: Object.fromEntries(
      stages
        .flatMap(({ tests }) => tests)
        .filter(failed)
        .sort()
        .map(test => [test, list.fails[test] ?? noCause]),
    ),
  }
}

/**
 * What is wrong with a list, a line each.
 *
 * @param {List} list
 * @returns {string[]}
 */
export function problems({ passes, fails }) {
  const all = Object.values(passes).flat()
  const known = new Set(all)
  return [
    ...all.filter((test, i) => all.indexOf(test) !== i).map(test => `${test} is listed twice`),
    ...Object.keys(fails)
      .filter(test => known.has(test))
      .map(test => `${test} passes and fails`),
    ...Object.entries(fails)
      .filter(([, cause]) => typeof cause !== 'string' || cause.trim() === '' || cause.includes('\n'))
      .map(([test]) => `${test} has no cause of one line`),
  ]
}

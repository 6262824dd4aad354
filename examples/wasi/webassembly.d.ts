/** What the host needs of WebAssembly's JavaScript interface: TypeScript has it among the browser's types only. */
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer
  }
  type ModuleImports = { readonly [name: string]: unknown }
  function instantiate(
    bytes: Uint8Array<ArrayBuffer>,
    imports: { readonly [module: string]: ModuleImports },
  ): Promise<{ readonly instance: { readonly exports: { readonly [name: string]: unknown } } }>
}

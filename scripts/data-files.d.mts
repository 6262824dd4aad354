import type * as esbuild from 'esbuild'

export function writeData(builder: typeof esbuild, src: string, folder: string): Promise<void>
export function dataReader(name: string): string

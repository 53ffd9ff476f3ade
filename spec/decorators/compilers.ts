import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync as swc } from '@swc/core';
import { transformSync as esbuild } from 'esbuild';
import ts from 'typescript';

/** A way to turn TypeScript with decorators into CommonJS. */
export interface Compiler {
  readonly name: string;
  /** Whether it emits design:type. */
  readonly emitsTypes: boolean;
  compile(source: string): string;
}

function tsc(experimentalDecorators: boolean, useDefineForClassFields: boolean): (source: string) => string {
  return (source) =>
    ts.transpileModule(source, {
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.CommonJS,
        experimentalDecorators,
        emitDecoratorMetadata: experimentalDecorators,
        useDefineForClassFields,
      },
    }).outputText;
}

function viaSwc(legacyDecorator: boolean): (source: string) => string {
  return (source) =>
    swc(source, {
      configFile: false,
      swcrc: false,
      jsc: {
        parser: { syntax: 'typescript', decorators: true },
        transform: legacyDecorator ? { legacyDecorator, decoratorMetadata: true } : { decoratorVersion: '2022-03' },
        target: 'es2022',
      },
      module: { type: 'commonjs' },
    }).code;
}

function viaEsbuild(experimentalDecorators: boolean): (source: string) => string {
  return (source) =>
    esbuild(source, {
      loader: 'ts',
      format: 'cjs',
      target: 'es2022',
      tsconfigRaw: { compilerOptions: { experimentalDecorators } },
    }).code;
}

export const COMPILERS: readonly Compiler[] = [
  { name: 'tsc, legacy', emitsTypes: true, compile: tsc(true, true) },
  { name: 'tsc, legacy, fields assigned', emitsTypes: true, compile: tsc(true, false) },
  { name: 'tsc, standard', emitsTypes: false, compile: tsc(false, true) },
  { name: 'swc, legacy', emitsTypes: true, compile: viaSwc(true) },
  { name: 'swc, standard', emitsTypes: false, compile: viaSwc(false) },
  { name: 'esbuild, legacy', emitsTypes: false, compile: viaEsbuild(true) },
  { name: 'esbuild, standard', emitsTypes: false, compile: viaEsbuild(false) },
];

/** Compiles a fixture and runs it; its imports are those of the test, so that it stages into the same package. */
export function run<Exports>(compiler: Compiler, fixture: string): Exports {
  return runSource<Exports>(compiler, readFileSync(join(__dirname, 'fixtures', `${fixture}.ts`), 'utf8'));
}

/** The same of a text that stands beside the fixtures. */
export function runSource<Exports>(compiler: Compiler, source: string): Exports {
  const module = { exports: {} };
  const load = (specifier: string): unknown =>
    jest.requireActual(
      specifier.startsWith('.') ? join(__dirname, 'fixtures', specifier.replace(/\.js$/, '')) : specifier,
    );
  const evaluate = new Function('module', 'exports', 'require', compiler.compile(source)) as (
    ...args: unknown[]
  ) => void;
  evaluate(module, module.exports, load);
  return module.exports as Exports;
}

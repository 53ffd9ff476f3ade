import { join, sep } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..', '..');
/** What no spec writes: parsed and bound once for all programs of a process, which is most of what a check takes. */
const STEADY = ['lib', 'spec', 'examples'].map((folder) => `${join(ROOT, folder)}${sep}`);
const isSteady = (name: string) => name.includes('/node_modules/') || STEADY.some((folder) => name.startsWith(folder));
const parsed = new Map<string, ts.SourceFile | undefined>();

/** A program whose sources were parsed once, however many programs of a spec have them; `more` are files that are on no disk. */
export function programOf(
  files: readonly string[],
  options: ts.CompilerOptions,
  more: ReadonlyMap<string, string> = new Map(),
): ts.Program {
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => more.has(name) || fileExists.call(host, name);
  host.readFile = (name) => more.get(name) ?? readFile.call(host, name);
  host.getSourceFile = (name, language, ...rest) => {
    if (more.has(name) || !isSteady(name)) return getSourceFile.call(host, name, language, ...rest);
    // A module and a script of one text are two trees.
    const how = typeof language === 'object' ? [language.languageVersion, language.impliedNodeFormat] : [language];
    const key = [name, ...how].join('\n');
    if (!parsed.has(key)) parsed.set(key, getSourceFile.call(host, name, language, ...rest));
    return parsed.get(key);
  };
  return ts.createProgram(files, options, host);
}

/** The options of this repository, without what writes files. */
export function repositoryOptions(more: ts.CompilerOptions = {}): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (file) => ts.sys.readFile(file));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  return { ...options, incremental: false, tsBuildInfoFile: undefined, noEmit: true, declaration: false, ...more };
}

/** What the compiler has to say of one file. */
export function diagnosticsOf(program: ts.Program, name: string): readonly ts.Diagnostic[] {
  const file = program.getSourceFile(name);
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
}

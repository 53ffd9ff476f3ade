import type ts from 'typescript';
import { ValidationError } from '../../errors/index.js';
import type { KnownName } from '../../schema/index.js';
import { CodeClass } from './code-class.js';
import type { Compiler } from './compiler.js';

/** A call such as `defineParam('limits', …)` that declares something under a name. */
export interface CodeCall {
  readonly callee: string;
  readonly name: string;
  readonly node: ts.CallExpression;
}

/** A file of TypeScript that is there. */
export class CodeFile {
  readonly path: string;
  /** Below the folder, `/` between folders, without its extension. */
  readonly name: string;
  readonly source: ts.SourceFile;
  readonly names: ReadonlyMap<string, KnownName>;
  readonly classes: readonly CodeClass[];
  readonly #ts: Compiler;

  /** @throws ValidationError for a file with errors of syntax */
  constructor(compiler: Compiler, path: string, name: string, text: string) {
    this.#ts = compiler;
    this.path = path;
    this.name = name;
    this.source = compiler.createSourceFile(path, text, compiler.ScriptTarget.Latest, true);
    refuseBroken(compiler, this.source);
    this.names = new Map(this.source.statements.flatMap((statement) => namesOf(compiler, statement)));
    this.classes = this.source.statements
      .filter((statement) => compiler.isClassDeclaration(statement))
      .map((node) => new CodeClass(compiler, this, node));
  }

  get text(): string {
    return this.source.text;
  }

  get imports(): readonly ts.ImportDeclaration[] {
    return this.source.statements.filter((statement) => this.#ts.isImportDeclaration(statement));
  }

  /** As an editor counts. */
  lineOf(node: ts.Node): number {
    return this.source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  }

  /** Calls whose first argument is a text, or whose options have a text as `name`. */
  get calls(): readonly CodeCall[] {
    const found: CodeCall[] = [];
    const visit = (node: ts.Node): void => {
      if (this.#ts.isCallExpression(node) && this.#ts.isIdentifier(node.expression)) {
        const name = this.#nameIn(node.arguments[0]);
        const callee = this.names.get(node.expression.text)?.name ?? node.expression.text;
        if (name !== undefined) found.push({ callee, name, node });
      }
      this.#ts.forEachChild(node, visit);
    };
    visit(this.source);
    return found;
  }

  #nameIn(first: ts.Expression | undefined): string | undefined {
    if (first === undefined) return undefined;
    if (this.#ts.isStringLiteralLike(first)) return first.text;
    if (!this.#ts.isObjectLiteralExpression(first)) return undefined;
    for (const each of first.properties) {
      if (!this.#ts.isPropertyAssignment(each) || each.name.getText() !== 'name') continue;
      if (this.#ts.isStringLiteralLike(each.initializer)) return each.initializer.text;
    }
    return undefined;
  }
}

function refuseBroken(compiler: Compiler, source: ts.SourceFile): void {
  const { parseDiagnostics: [first] = [] } = source as ts.SourceFile & {
    readonly parseDiagnostics?: readonly ts.DiagnosticWithLocation[];
  };
  if (first === undefined) return;
  const { line } = source.getLineAndCharacterOfPosition(first.start);
  throw new ValidationError({
    what: `${source.fileName}:${line + 1} is no TypeScript`,
    why: compiler.flattenDiagnosticMessageText(first.messageText, ' '),
    fix: 'mend it, then run the command again; nothing was written',
  });
}

/** What a statement declares or imports. */
function namesOf(compiler: Compiler, statement: ts.Statement): readonly (readonly [string, KnownName])[] {
  if (compiler.isImportDeclaration(statement)) return importedNames(compiler, statement);
  if (compiler.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => [name.getText(), {}] as const);
  }
  const named =
    compiler.isClassDeclaration(statement) ||
    compiler.isFunctionDeclaration(statement) ||
    compiler.isEnumDeclaration(statement) ||
    compiler.isInterfaceDeclaration(statement) ||
    compiler.isTypeAliasDeclaration(statement);
  return named && statement.name !== undefined ? [[statement.name.text, {}]] : [];
}

function importedNames(
  compiler: Compiler,
  { importClause, moduleSpecifier }: ts.ImportDeclaration,
): readonly (readonly [string, KnownName])[] {
  const from = (moduleSpecifier as ts.StringLiteral).text;
  const bindings = importClause?.namedBindings;
  const whole = importClause?.name === undefined ? [] : [[importClause.name.text, { from, name: 'default' }] as const];
  if (bindings === undefined) return whole;
  if (compiler.isNamespaceImport(bindings)) return [...whole, [bindings.name.text, {}]];
  const named = bindings.elements.map((element) => {
    const isType = element.isTypeOnly || importClause?.isTypeOnly === true;
    return [element.name.text, { from, name: (element.propertyName ?? element.name).text, isType }] as const;
  });
  return [...whole, ...named];
}

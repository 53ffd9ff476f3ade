import type ts from 'typescript';
import type { CodeFile } from './code-file.js';
import type { Compiler } from './compiler.js';

/** A call that decorates a class or a property. */
export interface CodeDecorator {
  /** As the package calls it, whatever it is imported as. */
  readonly name: string;
  readonly node: ts.Decorator;
  readonly args: readonly ts.Expression[];
}

/** A property that stands for a column. */
export interface CodeColumn {
  readonly column: string;
  /** The column of the last release, which may be there still. */
  readonly renamedFrom: string | undefined;
  readonly property: string;
  readonly member: ts.PropertyDeclaration;
  /** Its type, where that is written as a text. */
  readonly type: string | undefined;
  /** The class of the objects that it holds. */
  readonly embedded: string | undefined;
  readonly isUnique: boolean;
}

const COLUMNS: ReadonlySet<string> = new Set(
  'Id In Out Field Encrypted Relation Computed VectorField CreatedAt UpdatedAt Version SoftDelete'.split(' '),
);

/** A class as it is written. */
export class CodeClass {
  readonly file: CodeFile;
  readonly node: ts.ClassDeclaration;
  readonly #ts: Compiler;

  constructor(compiler: Compiler, file: CodeFile, node: ts.ClassDeclaration) {
    this.#ts = compiler;
    this.file = file;
    this.node = node;
  }

  get name(): string {
    return this.node.name?.text ?? 'default';
  }

  get decorators(): readonly CodeDecorator[] {
    return this.decoratorsOf(this.node);
  }

  /** `@Table` or `@View`. */
  get declaration(): CodeDecorator | undefined {
    return this.decorators.find(({ name }) => name === 'Table' || name === 'View');
  }

  /** The table that it stands for, where its name is a plain text. */
  get table(): string | undefined {
    return this.declaration && this.textIn(this.declaration, 'name');
  }

  /** What it extends, as its file calls it. */
  get base(): string | undefined {
    const clause = this.node.heritageClauses?.find(({ token }) => token === this.#ts.SyntaxKind.ExtendsKeyword);
    const expression = clause?.types[0]?.expression;
    return expression !== undefined && this.#ts.isIdentifier(expression) ? expression.text : undefined;
  }

  get columns(): readonly CodeColumn[] {
    return this.properties.flatMap((member) => this.#column(member) ?? []);
  }

  /** What all its members are called, methods and accessors too. */
  get members(): readonly string[] {
    return this.node.members.flatMap(({ name }) =>
      name !== undefined && (this.#ts.isIdentifier(name) || this.#ts.isStringLiteral(name)) ? [name.text] : [],
    );
  }

  /** Properties with a decorator of the package. */
  get properties(): readonly ts.PropertyDeclaration[] {
    return this.node.members.filter(
      (member): member is ts.PropertyDeclaration =>
        this.#ts.isPropertyDeclaration(member) && this.decoratorsOf(member).some(({ name }) => COLUMNS.has(name)),
    );
  }

  decoratorsOf(node: ts.HasDecorators): readonly CodeDecorator[] {
    return (this.#ts.getDecorators(node) ?? []).flatMap((decorator) => {
      const { expression } = decorator;
      const call = this.#ts.isCallExpression(expression) ? expression : undefined;
      const name = this.#calledName(call === undefined ? expression : call.expression);
      return name === undefined ? [] : [{ name, node: decorator, args: [...(call?.arguments ?? [])] }];
    });
  }

  /** A plain text among the options of a decorator. */
  textIn(decorator: CodeDecorator, option: string): string | undefined {
    const given = this.option(decorator, option);
    return given !== undefined && this.#ts.isStringLiteralLike(given) ? given.text : undefined;
  }

  option({ args }: CodeDecorator, option: string): ts.Expression | undefined {
    const options = args.find((arg) => this.#ts.isObjectLiteralExpression(arg));
    const member = options?.properties.find(
      (each): each is ts.PropertyAssignment =>
        this.#ts.isPropertyAssignment(each) &&
        (this.#ts.isIdentifier(each.name) || this.#ts.isStringLiteral(each.name)) &&
        each.name.text === option,
    );
    return member?.initializer;
  }

  /** An option that is `true`. */
  isOn(decorator: CodeDecorator, option: string): boolean {
    return this.option(decorator, option)?.kind === this.#ts.SyntaxKind.TrueKeyword;
  }

  /** `[…]` of plain texts. */
  listIn(decorator: CodeDecorator, option: string): readonly string[] | undefined {
    const list = this.option(decorator, option);
    if (list === undefined || !this.#ts.isArrayLiteralExpression(list)) return undefined;
    return list.elements.flatMap((each) => (this.#ts.isStringLiteralLike(each) ? [each.text] : []));
  }

  #calledName(expression: ts.Expression): string | undefined {
    if (this.#ts.isPropertyAccessExpression(expression)) return expression.name.text;
    if (!this.#ts.isIdentifier(expression)) return undefined;
    return this.file.names.get(expression.text)?.name ?? expression.text;
  }

  #column(member: ts.PropertyDeclaration): CodeColumn | undefined {
    const { name } = member;
    if (!this.#ts.isIdentifier(name) && !this.#ts.isStringLiteral(name)) return undefined;
    const decorators = this.decoratorsOf(member);
    const main = decorators.filter((each) => COLUMNS.has(each.name));
    // The other side of a link, and the way over an edge, are no columns.
    if (main.some((each) => this.option(each, 'edge') ?? this.option(each, 'inverse'))) return undefined;
    const field = main.find((each) => each.name === 'Field');
    const [first] = field?.args ?? [];
    const said = (option: string): string | undefined =>
      main.map((each) => this.textIn(each, option)).find((text) => text !== undefined);
    return {
      column: said('name') ?? name.text,
      renamedFrom: said('renamedFrom'),
      property: name.text,
      member,
      type: first !== undefined && this.#ts.isStringLiteralLike(first) ? first.text : undefined,
      embedded: this.#embedded(first),
      isUnique: decorators.some((each) => each.name === 'Unique' || this.isOn(each, 'unique')),
    };
  }

  /** `() => Address` or `() => [Address]`. */
  #embedded(expression: ts.Expression | undefined): string | undefined {
    if (expression === undefined || !this.#ts.isArrowFunction(expression)) return undefined;
    const { body } = expression;
    const target = this.#ts.isArrayLiteralExpression(body) ? body.elements[0] : body;
    return target !== undefined && this.#ts.isIdentifier(target) ? target.text : undefined;
  }
}

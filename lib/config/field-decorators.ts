/** As much of Babel as is looked at. */
interface Node {
  readonly type: string;
  readonly [member: string]: unknown;
}
interface ClassNode {
  decorators?: Node[] | null;
  readonly body: { readonly body: readonly PropertyNode[] };
}
interface PropertyNode {
  readonly type: string;
  readonly static?: boolean;
  readonly computed?: boolean;
  readonly key: Node & { readonly name?: string; readonly value?: string };
  decorators?: { readonly expression: Node }[] | null;
}
interface Types {
  identifier(name: string): Node;
  stringLiteral(value: string): Node;
  memberExpression(object: Node, property: Node): Node;
  callExpression(callee: Node, args: readonly Node[]): Node;
  expressionStatement(expression: Node): Node;
  blockStatement(body: readonly Node[]): Node;
  arrowFunctionExpression(params: readonly Node[], body: Node): Node;
  decorator(expression: Node): Node;
}
interface Path {
  traverse(visitor: { Class(path: { readonly node: ClassNode }): void }): void;
}

/**
 * Babel's legacy decorators leave a class whose fields are decorated impossible to construct unless class fields are compiled
 * away too, which the loader does not do. So decorators of fields are applied the way that TypeScript does it: one after the
 * other to the prototype, right after the class is made and before its own decorators.
 */
function fieldDecorators({ types }: { readonly types: Types }): {
  readonly name: string;
  readonly visitor: { Program(path: Path): void };
} {
  return {
    name: 'reverie-field-decorators',
    visitor: { Program: (program) => program.traverse({ Class: ({ node }) => moveDecorators(node, types) }) },
  };
}

/** How TypeScript with decorators is compiled on the way, wherever the runtime itself cannot load it. */
export const transformOptions = Object.freeze({ babel: { plugins: [fieldDecorators] } });

function moveDecorators(node: ClassNode, types: Types): void {
  const target = types.identifier('target');
  const prototype = types.memberExpression(target, types.identifier('prototype'));
  const calls = node.body.body.flatMap((property) => {
    const { key, decorators } = property;
    const name = key.name ?? key.value;
    if (property.type !== 'ClassProperty' || property.static === true || property.computed === true) return [];
    if (name === undefined || decorators === undefined || decorators === null) return [];
    property.decorators = null;
    return [...decorators]
      .reverse()
      .map(({ expression }) =>
        types.expressionStatement(types.callExpression(expression, [prototype, types.stringLiteral(name)])),
      );
  });
  if (calls.length === 0) return;
  const apply = types.arrowFunctionExpression([target], types.blockStatement(calls));
  // The last decorator of a class is applied first.
  node.decorators = [...(node.decorators ?? []), types.decorator(apply)];
}

/** How the server would answer, or has answered, a select. */
export interface Explained {
  /** Names of the indexes that it reads, each once. */
  readonly indexesUsed: readonly string[];
  /** Whether a whole table is read. */
  readonly fullScan: boolean;
  /** One line for each operator, what it reads from below it. */
  readonly tree: string;
  /** The server's own answer. */
  readonly raw: unknown;
}

interface Operator {
  readonly operator: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly children: readonly Operator[];
  readonly metrics: Readonly<Record<string, unknown>>;
}

/**
 * The answer of `SELECT … EXPLAIN` in one form, whatever the server's version prints.
 *
 * @see https://surrealdb.com/docs/surrealql/clauses/explain
 */
export function explained(raw: unknown): Explained {
  const roots = (Array.isArray(raw) ? raw : [raw]).map(operatorOf);
  const all = roots.flatMap(withBelow);
  const indexes = all.flatMap(({ attributes }) =>
    typeof attributes['index'] === 'string' ? [attributes['index']] : [],
  );
  return {
    indexesUsed: [...new Set(indexes)],
    fullScan: all.some(({ operator }) => operator === 'TableScan'),
    tree: roots.flatMap((root) => linesOf(root, 0)).join('\n'),
    raw,
  };
}

function operatorOf(node: unknown): Operator {
  const { operator, attributes, children, metrics } = (node ?? {}) as Partial<Operator>;
  return {
    operator: String(operator ?? 'Unknown'),
    attributes: attributes ?? {},
    children: (children ?? []).map(operatorOf),
    metrics: metrics ?? {},
  };
}

function withBelow(node: Operator): readonly Operator[] {
  return [node, ...node.children.flatMap(withBelow)];
}

function linesOf(node: Operator, depth: number): readonly string[] {
  const details = Object.entries(node.attributes)
    .filter(([name]) => name !== 'direction')
    .map(([name, value]) => `${name}: ${String(value)}`);
  const line = [
    `${'  '.repeat(depth)}${node.operator}`,
    ...(details.length === 0 ? [] : [details.join(', ')]),
    ...measured(node),
  ];
  return [line.join('  '), ...node.children.flatMap((child) => linesOf(child, depth + 1))];
}

/** What `full` has counted. */
function measured({ metrics }: Operator): readonly string[] {
  const { output_rows: rows, elapsed_ns: elapsed } = metrics;
  return rows === undefined
    ? []
    : [`(${Number(rows)} ${Number(rows) === 1 ? 'row' : 'rows'}, ${(Number(elapsed) / 1e6).toFixed(2)} ms)`];
}

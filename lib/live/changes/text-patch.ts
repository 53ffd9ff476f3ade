/** One `@@ -5,4 +5,3 @@` of a text patch: where it stands, what is there and what is to be there, by code points. */
interface Hunk {
  readonly start: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/**
 * Applies a text patch as SurrealDB writes it for a changed string (the patch format of Google's diff-match-patch, with positions
 * in code points). Each hunk stands in the text that the hunks before it have made.
 *
 * ```ts
 * patchText('world', '@@ -1,5 +1,4 @@\n wo\n-r\n ld\n'); // 'wold'
 * ```
 * Answers undefined for a patch of another text.
 */
export function patchText(text: string, patch: string): string | undefined {
  const points = Array.from(text);
  for (const { start, before, after } of hunksOf(patch)) {
    if (before.some((point, at) => points[start + at] !== point)) return undefined;
    points.splice(start, before.length, ...after);
  }
  return points.join('');
}

function hunksOf(patch: string): Hunk[] {
  return patch
    .split(/^(?=@@ -)/m)
    .filter((text) => text !== '')
    .map(hunkOf);
}

function hunkOf(text: string): Hunk {
  const [header = '', ...lines] = text.split('\n').filter((line) => line !== '');
  const [, at = '0', length] = /^@@ -(\d+)(?:,(\d+))? /.exec(header) ?? [];
  const parts = lines.map((line) => ({ sign: line[0], points: Array.from(decodeURIComponent(line.slice(1))) }));
  const side = (other: string) => parts.filter(({ sign }) => sign !== other).flatMap(({ points }) => points);
  // Counted from 1, but for a place between two characters.
  return { start: length === '0' ? Number(at) : Number(at) - 1, before: side('+'), after: side('-') };
}

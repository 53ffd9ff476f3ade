/** What a rule finds wrong, before it is known whether the entity has to answer for it. */
export interface Finding {
  /** From the entity to the value; empty for the entity as a whole. */
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly rule: string;
}

/** `User.address.lines[0]` */
export function pathText(className: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => text + (isIndex(part) ? `[${String(part)}]` : `.${String(part)}`),
    className,
  );
}

function isIndex(part: PropertyKey): boolean {
  return typeof part === 'number' || (typeof part === 'string' && /^\d+$/.test(part));
}

/** How many arguments a function takes, at least and at most, and the version of SurrealDB that brought it; or a constant. */
export type Signature = readonly [least: number, most: number, since?: string] | typeof CONSTANT;
export type Signatures = Readonly<Record<string, Signature>>;

export const CONSTANT = 'constant';

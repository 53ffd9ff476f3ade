/** What a thrown value says. Errors of Node or of another realm (Jest has its own) are no `instanceof Error` here. */
export function thrownText(thrown: unknown): string {
  const message =
    typeof thrown === 'object' && thrown !== null ? (thrown as { readonly message?: unknown }).message : undefined;
  return typeof message === 'string' ? message : String(thrown);
}

/** Its `code`, such as `ECONNREFUSED`. */
export function thrownCode(thrown: unknown): string | undefined {
  const code = typeof thrown === 'object' && thrown !== null ? (thrown as { readonly code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : undefined;
}

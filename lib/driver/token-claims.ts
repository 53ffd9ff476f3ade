/** When a JSON web token runs out, in milliseconds since 1970; undefined when it does not say. */
export function expiryOf(token: string): number | undefined {
  const exp = claimsOf(token)['exp'];
  return typeof exp === 'number' ? exp * 1_000 : undefined;
}

/** Whether a token is a record's: given by an access method, and without roles. */
export function isOfRecord(token: string): boolean {
  const { AC, ID, RL } = claimsOf(token);
  return typeof AC === 'string' && typeof ID === 'string' && RL === undefined;
}

/** What a token says, as it says it: nobody has checked its signature. Empty for what is no token. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> {
  const payload = token.split('.')[1];
  if (payload === undefined) return {};
  try {
    const bytes = atob(payload.replace(/-/g, '+').replace(/_/g, '/'));
    const claims: unknown = JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0))));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

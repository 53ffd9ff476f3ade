import { objectText, quoted, surqlText, type Source } from './source.js';

type Members = Readonly<Record<string, unknown>>;

/** `@Access` of what INFO says; undefined for one whose key has to be told, which the server does not. */
export function accessText(name: string, given: unknown, source: Source): string | undefined {
  const { kind: how, duration = {}, authenticate, comment } = given as Members;
  const { kind, jwt, signup, signin, refresh, subject } = how as Members;
  const { url } = ((jwt as Members | undefined)?.['verify'] ?? {}) as Members;
  if (comment !== undefined || (kind === 'JWT' && typeof url !== 'string')) return undefined;
  const surql = (text: unknown) => (typeof text === 'string' ? surqlText(text, source) : undefined);
  const isRecord = kind === 'RECORD';
  const options = objectText({
    name: quoted(name),
    type: isRecord ? undefined : quoted(String(kind).toLowerCase()),
    signup: isRecord ? (surql(signup) ?? 'false') : undefined,
    signin: isRecord ? (surql(signin) ?? 'false') : undefined,
    authenticate: surql(authenticate),
    refresh: isRecord ? String(refresh === true) : undefined,
    jwt: typeof url === 'string' ? objectText({ url: quoted(url) }) : undefined,
    for: kind === 'BEARER' ? quoted(String(subject).toLowerCase()) : undefined,
    duration: durationText(duration as Members),
  });
  return `@${source.use('Access')}(${options})`;
}

function durationText(duration: Members): string | undefined {
  const said = ['token', 'session', 'grant'].map((key) => {
    const text = duration[key];
    return [key, typeof text === 'string' ? quoted(text) : undefined] as const;
  });
  return objectText(Object.fromEntries(said));
}

/** The table that an access speaks of first, of those that there are. */
export function tableOfAccess(given: unknown, tables: readonly string[]): string | undefined {
  const { signup, signin } = ((given as Members)['kind'] ?? {}) as Members;
  const words = `${String(signup)} ${String(signin)}`.match(/[A-Za-z_]\w*/g) ?? [];
  return words.find((word) => tables.includes(word)) ?? tables[0];
}

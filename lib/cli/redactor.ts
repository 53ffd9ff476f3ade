import { formatString } from '../values/index.js';

/** Keeps what is secret out of everything that is printed. */
export class Redactor {
  #secrets = new Set<string>();

  /** Notes passwords and tokens of a configuration, however deep they stand. */
  learn(value: unknown, name = ''): void {
    if (typeof value === 'string') {
      if (SECRET.test(name)) this.#add(value);
      else for (const [, password] of value.matchAll(USERINFO)) this.#add(decoded(password as string));
    } else if (Array.isArray(value)) {
      for (const item of value) this.learn(item, name);
    } else if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
      for (const [key, item] of Object.entries(value)) this.learn(item, key);
    }
  }

  hide(text: string): string {
    let hidden = text.replace(USERINFO, (all, password: string) => all.replace(`:${password}@`, ':***@'));
    for (const secret of this.#secrets) hidden = hidden.replaceAll(secret, '***');
    return hidden;
  }

  /** As it is, and as JSON, SurrealQL and urls write it; the longest first, for one may be a part of another. */
  #add(secret: string): void {
    if (secret.length < SHORTEST) return;
    const spellings = [secret, JSON.stringify(secret).slice(1, -1), formatString(secret).slice(1, -1), encoded(secret)];
    for (const each of spellings) this.#secrets.add(each);
    this.#secrets = new Set([...this.#secrets].sort((a, b) => b.length - a.length));
  }
}

const SECRET = /pass(word|phrase)?$|secret|token|^key$|credential/i;
const USERINFO = /\b[a-z][a-z\d+.-]*:\/\/[^\s/:@]*:([^\s/@]+)@/gi;
/** A shorter one would blot out half of every text; `root` is the name of a user, too. */
const SHORTEST = 5;

/** Half of a character has no url. */
function encoded(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

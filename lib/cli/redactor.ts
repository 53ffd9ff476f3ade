/** Keeps what is secret out of everything that is printed. */
export class Redactor {
  readonly #secrets = new Set<string>();

  /** Notes passwords and tokens of a configuration, however deep they stand. */
  learn(value: unknown, name = ''): void {
    if (typeof value === 'string') {
      if (SECRET.test(name)) this.#secrets.add(value);
      else for (const [, password] of value.matchAll(USERINFO)) this.#secrets.add(decoded(password as string));
    } else if (Array.isArray(value)) {
      for (const item of value) this.learn(item, name);
    } else if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
      for (const [key, item] of Object.entries(value)) this.learn(item, key);
    }
  }

  hide(text: string): string {
    let hidden = text.replace(USERINFO, (all, password: string) => all.replace(`:${password}@`, ':***@'));
    for (const secret of this.#secrets) if (secret.length >= SHORTEST) hidden = hidden.replaceAll(secret, '***');
    return hidden;
  }
}

const SECRET = /pass(word|phrase)?$|secret|token|^key$|credential/i;
const USERINFO = /\b[a-z][a-z\d+.-]*:\/\/[^\s/:@]*:([^\s/@]+)@/gi;
/** A shorter one would blot out half of every text; `root` is the name of a user, too. */
const SHORTEST = 5;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

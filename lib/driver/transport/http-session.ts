import { CapabilityError } from '../../errors/index.js';
import { tokensOf } from '../credentials.js';
import type { RpcCall } from './transport.js';

/** These sign somebody in, or need nobody. */
const AUTH_METHODS: ReadonlySet<string> = new Set(['signin', 'signup', 'authenticate', 'version', 'ping']);

/** What a server would remember of a session, kept here and sent along with each request: place, token, variables. */
export class HttpSession {
  readonly #variables = new Map<string, unknown>();
  #namespace: string | undefined;
  #database: string | undefined;
  #token: string | undefined;

  /** Does what needs no server; false for everything else. */
  answersItself({ method, params }: RpcCall): boolean {
    if (method === 'let' || method === 'set') this.#variables.set(params[0] as string, params[1]);
    else if (method === 'unset') this.#variables.delete(params[0] as string);
    else if (method === 'invalidate') this.#token = undefined;
    else return false;
    return true;
  }

  paramsOf({ method, params }: RpcCall): readonly unknown[] {
    if (method !== 'query' || this.#variables.size === 0) return params;
    const [text, bindings] = params;
    return [text, { ...Object.fromEntries(this.#variables), ...(bindings as object | undefined) }];
  }

  headersOf(method: string): Record<string, string> {
    const token = this.tokenFor(method);
    return {
      ...(this.#namespace !== undefined && { 'surreal-ns': this.#namespace }),
      ...(this.#database !== undefined && { 'surreal-db': this.#database }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
  }

  /** The token that says who asks; a sign-in must not carry the one that it is to replace: an expired one would be refused before it. */
  tokenFor(method: string): string | undefined {
    return AUTH_METHODS.has(method) ? undefined : this.#token;
  }

  /** Remembers what a server would. */
  answered({ method, params }: RpcCall, result: unknown): void {
    if (method === 'use') [this.#namespace, this.#database] = [headerText(params[0]), headerText(params[1])];
    if (method === 'signin' || method === 'signup') this.#token = tokensOf(result)?.token;
    if (method === 'authenticate') this.#token = params[0] as string;
  }
}

/** Header values are text of single bytes, so other names are sent as the server decodes them: as UTF-8. */
function headerText(name: unknown): string | undefined {
  if (typeof name !== 'string') return undefined;
  if ([...name].some((char) => char < ' ' || char === '\x7f')) throw unspeakable(name);
  return Array.from(new TextEncoder().encode(name), (byte) => String.fromCharCode(byte)).join('');
}

function unspeakable(name: string): CapabilityError {
  return new CapabilityError({
    what: `The name ${JSON.stringify(name)} cannot be used over http`,
    why: 'namespace and database travel in headers, which hold no control characters',
    fix: 'connect by ws:// or wss://',
  });
}

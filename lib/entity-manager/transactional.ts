import { ValidationError } from '../errors/index.js';
import { factory } from '../metadata/decorator-factory.js';
import { contextSessions } from './context-sessions.js';
import type { EntityManager } from './entity-manager.js';
import type { TransactionOptions } from './transaction-options.js';

type AsyncMethod<This, A extends unknown[], R> = (this: This, ...args: A) => Promise<R>;

/** A decorator of async methods, in either dialect. */
export interface TransactionalDecoration {
  <This, A extends unknown[], R>(
    method: AsyncMethod<This, A, R>,
    context: ClassMethodDecoratorContext<This, AsyncMethod<This, A, R>>,
  ): AsyncMethod<This, A, R>;
  <A extends unknown[], R>(
    target: object,
    method: string | symbol,
    descriptor: TypedPropertyDescriptor<(...args: A) => Promise<R>>,
  ): void;
}

/**
 * Runs a method of any class as a transaction, as `em.transaction` does: what it returns commits, what it throws rolls back,
 * and on a conflict it runs again with the same arguments.
 *
 * The EntityManager is the object's own `em`, or that of its `orm`, or the one of the request or transaction that is running.
 * Inside, all of them are the transaction's.
 *
 * ```ts
 * class Transfers {
 *   constructor(private readonly em: EntityManager) {}
 *   @Transactional({ retry: { attempts: 10 } })
 *   async move(from: string, to: string, amount: number): Promise<void> {
 *     (await this.em.findOneOrFail(Account, from)).balance -= amount;
 *     (await this.em.findOneOrFail(Account, to)).balance += amount;
 *   }
 * }
 * ```
 * @throws ValidationError when there is no EntityManager to take, or more than one
 */
export const Transactional = factory('Transactional()', transactional);
function transactional(options: TransactionOptions = {}): TransactionalDecoration {
  function decorate(...args: readonly unknown[]): unknown {
    const [target, , descriptor] = args;
    if (typeof target === 'function' && typeof args[1] === 'object') return inTransaction(target as Method, options);
    const property = descriptor as TypedPropertyDescriptor<Method> | undefined;
    if (typeof property?.value !== 'function') throw notAMethod(args[1]);
    property.value = inTransaction(property.value, options);
    return undefined;
  }
  return decorate as TransactionalDecoration;
}

type Method = (this: unknown, ...args: unknown[]) => Promise<unknown>;

function inTransaction(method: Method, options: TransactionOptions): Method {
  const wrapped: Method = async function (...args) {
    return managerOf(this, method.name).transaction(() => method.apply(this, args), options);
  };
  Object.defineProperty(wrapped, 'name', { value: method.name, configurable: true });
  Object.defineProperty(wrapped, 'length', { value: method.length, configurable: true });
  return wrapped;
}

function managerOf(owner: unknown, method: string): EntityManager {
  const { em, orm } = (owner ?? {}) as { readonly em?: unknown; readonly orm?: { readonly em?: unknown } };
  for (const candidate of [em, orm?.em]) if (isManager(candidate)) return candidate;
  const current = contextSessions();
  const [only] = current;
  if (current.length === 1 && isManager(only?.em)) return only.em;
  throw noManager(method, current.length);
}

function isManager(value: unknown): value is EntityManager {
  return typeof (value as { readonly transaction?: unknown } | null | undefined)?.transaction === 'function';
}

function noManager(method: string, current: number): ValidationError {
  return new ValidationError({
    what: `@Transactional() ${method}() has no EntityManager`,
    why: `the object has neither \`em\` nor \`orm\`, and ${current === 0 ? 'no request or transaction is running' : 'requests of several ORMs are running'}`,
    fix: [
      'give the class a property em: EntityManager, or orm: Reverie',
      'call it inside RequestContext.run(orm, …) or em.transaction(…)',
    ],
  });
}

function notAMethod(name: unknown): ValidationError {
  return new ValidationError({
    what: `@Transactional() stands on ${String(name)}, which is no method`,
    fix: 'put it on an async method',
  });
}

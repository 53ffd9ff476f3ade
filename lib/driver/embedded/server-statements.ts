import { formatString, quoteIdentifier } from '../../values/index.js';

/** The fixed statements a server in front of the embedded engine needs. */
export const serverStatements = Object.freeze({
  /** The namespace of the session it runs in. */
  namespace: 'RETURN session::ns()',
  /** Namespace and database of the session it runs in, one result each. */
  place: 'RETURN session::ns(); RETURN session::db()',
  /** Fails for whoever may not view the database. */
  viewDatabase: 'INFO FOR DB',
  /** The users of the whole store, among others. */
  viewRoot: 'INFO FOR ROOT',
});

/**
 * Defines the owner of a store. The password stands in the text, since PASSWORD takes no parameter.
 * https://surrealdb.com/docs/surrealql/statements/define/user
 */
export function defineRootUser(name: string, password: string): string {
  return `DEFINE USER ${quoteIdentifier(name)} ON ROOT PASSWORD ${formatString(password)} ROLES OWNER`;
}

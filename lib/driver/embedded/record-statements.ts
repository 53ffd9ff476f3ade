/** What SurrealDB runs for each verb of `/key/{table}` and `/key/{table}/{key}`. */
export interface RecordStatements {
  /** Every field, or those of `$fields`. */
  readonly GET: { readonly all: string; readonly some: string };
  readonly POST: string;
  readonly PUT: string;
  readonly PATCH: string;
  readonly DELETE: string;
}

/** https://surrealdb.com/docs/surrealdb/integration/http#get-table */
export const tableStatements: RecordStatements = Object.freeze({
  GET: Object.freeze({
    all: 'SELECT * FROM type::table($table) LIMIT $limit START $start',
    some: 'SELECT type::fields($fields) FROM type::table($table) LIMIT $limit START $start',
  }),
  POST: 'CREATE type::table($table) CONTENT $data',
  PUT: 'UPDATE type::table($table) CONTENT $data',
  PATCH: 'UPDATE type::table($table) MERGE $data',
  DELETE: 'DELETE type::table($table) RETURN BEFORE',
});

/** https://surrealdb.com/docs/surrealdb/integration/http#get-record */
export const recordStatements: RecordStatements = Object.freeze({
  GET: Object.freeze({
    all: 'SELECT * FROM type::record($table, $id)',
    some: 'SELECT type::fields($fields) FROM type::record($table, $id)',
  }),
  POST: 'CREATE type::record($table, $id) CONTENT $data',
  PUT: 'UPSERT type::record($table, $id) CONTENT $data',
  PATCH: 'UPSERT type::record($table, $id) MERGE $data',
  DELETE: 'DELETE type::record($table, $id) RETURN BEFORE',
});

import type { RecordGroup } from './dump-format.js';
import type { StoredRecord } from './read-records.js';

/** What one statement inserts: engines in memory take longer than linear for more. */
const LARGEST_GROUP = 100;
const GROUP_BYTES = 250_000;

/** A page as statements of bearable size, each of edges or of other records alone. */
export function groupRecords(table: string, page: readonly StoredRecord[]): readonly RecordGroup[] {
  const groups: RecordGroup[] = [];
  for (const isEdge of [false, true]) {
    const records = page.filter((record) => record.isEdge === isEdge);
    for (const part of parts(records)) groups.push({ table, isEdge, records: part });
  }
  return groups;
}

function parts(records: readonly StoredRecord[]): readonly (readonly StoredRecord[])[] {
  const all: StoredRecord[][] = [];
  let weight = Infinity;
  for (const record of records) {
    const last = all.at(-1);
    weight += record.bytes;
    if (last !== undefined && last.length < LARGEST_GROUP && weight <= GROUP_BYTES) {
      last.push(record);
      continue;
    }
    all.push([record]);
    weight = record.bytes;
  }
  return all;
}

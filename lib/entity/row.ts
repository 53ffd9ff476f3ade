/** A record as the server sent it: column → raw value. It is the snapshot that changes are found against. */
export type Row = Record<string, unknown>;

export { DataExport, type ExportOptions, type ExportProgress } from './data-export.js';
export { DataImport, type ImportOptions, type ImportProgress, type ImportReport } from './data-import.js';
export type { DumpFormat } from './dump-format.js';
export type { DumpSource } from './dump-source.js';
export { fromTypedJson, toTypedJson } from './typed-json.js';

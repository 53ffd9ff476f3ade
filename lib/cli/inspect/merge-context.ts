import type ts from 'typescript';
import type { CodeFile } from './code-file.js';
import type { CodeFolder } from './code-folder.js';
import type { ReportDraft } from './merge-report.js';
import type { TextEdits } from './text-edits.js';

/** What a merge works on. */
export interface MergeContext {
  readonly folder: CodeFolder;
  readonly report: ReportDraft;
  readonly editsOf: (file: CodeFile) => TextEdits;
  /** How a place is told, as the file is in the end. */
  readonly placed: (file: CodeFile, node?: ts.Node) => string;
  /** Columns that were added on the way: several tables may share an embedded class. */
  readonly added: Set<string>;
}

import type { EntityMetadata, IndexMetadata } from '../entity-metadata.js';
import type { Problems } from '../problems.js';
import type { Rule } from './rule.js';

/** Indexes hold the columns that their kind takes, under different names. */
export const checkIndexes: Rule = ({ entity, problems }) => {
  const names = new Set<string>();
  for (const index of entity.indexes) {
    if (names.has(index.name))
      problems.add(entity.className, `two indexes are called "${index.name}"`, "@Index({ name: '…', fields: […] })");
    names.add(index.name);
    checkKind(entity, index, problems);
  }
};

function checkKind({ className, indexes }: EntityMetadata, index: IndexMetadata, problems: Problems): void {
  const kinds = [
    index.unique === true && 'unique',
    index.count === true && 'count',
    index.fulltext !== undefined && 'fulltext',
  ].filter(Boolean);
  if (kinds.length > 1)
    problems.add(
      className,
      `the index "${index.name}" cannot be ${kinds.join(' and ')} at once`,
      "@Index({ fields: ['…'] })",
    );
  checkWhere(className, index, problems);
  checkBuilding(className, index, problems);
  if (index.nullsDistinct !== undefined && index.unique !== true) {
    problems.add(
      className,
      `the index "${index.name}" has nullsDistinct, which belongs to unique`,
      "@Index({ fields: ['…'], unique: true, nullsDistinct: false })",
    );
  }
  if (index.count === true) {
    if (index.columns.length > 0)
      problems.add(
        className,
        `the index "${index.name}" counts records, so it has no fields`,
        '@Index({ count: true })',
      );
    return;
  }
  if (index.columns.length === 0) {
    const write =
      index.fulltext === undefined ? "@Index({ fields: ['…'] })" : "@FullText({ fields: ['…'], analyzer: '…' })";
    problems.add(className, `the index "${index.name}" has no fields`, write);
  }
  if (index.fulltext !== undefined && index.columns.length > 1) {
    problems.add(
      className,
      `the full-text index "${index.name}" has several fields; the engine takes one each`,
      `one index for each of ${index.columns.join(', ')}`,
    );
  }
  if (index.fulltext !== undefined && typeof index.fulltext.analyzer !== 'string') {
    problems.add(
      className,
      `the full-text index "${index.name}" names no analyzer`,
      "@Analyzer({ name: 'english', tokenizers: ['class'], filters: ['lowercase', 'snowball(english)'] }) @FullText({ fields: ['…'], analyzer: 'english' })",
    );
  }
  const same = indexes.find((each) => each !== index && each.name < index.name && sameKind(each, index));
  if (same !== undefined)
    problems.add(className, `the indexes "${same.name}" and "${index.name}" are the same`, 'one of them');
}

function checkWhere(className: string, index: IndexMetadata, problems: Problems): void {
  if (index.where !== undefined && index.count === true) {
    problems.add(
      className,
      `the count index "${index.name}" has a where: under it SurrealDB 3.0 counts only what is written after it was defined`,
      "@Index({ count: true }) for all records, or an index over the fields of the where: @Index({ fields: ['…'] })",
    );
  } else if (index.where !== undefined && index.unique !== true) {
    problems.add(
      className,
      `the index "${index.name}" has a where, which only unique indexes can have`,
      "@Index({ fields: ['…'], unique: true, where: … })",
    );
  }
}

function checkBuilding(className: string, index: IndexMetadata, problems: Problems): void {
  if (index.unique === true && (index.concurrently === true || index.defer === true)) {
    problems.add(
      className,
      `the unique index "${index.name}" would be built in the background, which lets doubles in meanwhile`,
      "@Index({ fields: ['…'], unique: true })",
    );
  }
}

function sameKind(a: IndexMetadata, b: IndexMetadata): boolean {
  const kind = (index: IndexMetadata): string =>
    JSON.stringify([
      index.columns,
      index.unique === true,
      index.count === true,
      index.fulltext,
      index.vector,
      index.where,
    ]);
  return kind(a) === kind(b);
}

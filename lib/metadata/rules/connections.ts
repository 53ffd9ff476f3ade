import type { EntityMetadata } from '../entity-metadata.js';
import type { Rule } from './rule.js';

/** A link cannot leave its database. */
export const checkConnections: Rule = ({ entity, problems }) => {
  const own = entity.options.connection;
  for (const property of entity.properties) {
    if (property.kind === 'field') continue;
    const targets = 'targets' in property ? property.targets() : 'target' in property ? [property.target()] : [];
    const other = (targets as readonly EntityMetadata[]).find((target) => target.options.connection !== own);
    if (other === undefined) continue;
    problems.add(
      property.path,
      `${other.className} is on the connection ${name(other.options.connection)}, ${entity.className} on ${name(own)}: a link stays in its database`,
      `@Field('string') ${property.property}!: string; // the key of the other record`,
    );
  }
};

const name = (connection: string | undefined): string => connection ?? 'default';

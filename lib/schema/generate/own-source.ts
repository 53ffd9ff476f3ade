import { serverTime } from '../../metadata/server-time.js';
import { printType } from '../../types/print-type.js';
import type { SurrealType } from '../../types/surreal-type.js';
import { printExpression } from '../../surrealql/printer.js';
import { commentOf, isOpen, permissionsText } from './field-parts.js';
import { decoratorText, objectText, quoted, surqlText } from './source.js';
import { tsType, withoutNone } from './ts-type.js';
import type { ClassContext, ReadField, Written } from './written.js';

type Writer = (read: ReadField<SurrealType>, context: ClassContext) => Written | undefined;

/** Fields that a decorator of their own stands for, known by what they have the server do. */
export function ownText(read: ReadField<SurrealType>, context: ClassContext): Written | undefined {
  const { path, defaultAlways, flexible, assert, computed } = read.field;
  if (path.length > 1 || defaultAlways || flexible || assert !== undefined || computed !== undefined) return undefined;
  for (const writer of WRITERS) {
    const written = writer(read, context);
    if (written !== undefined) return written;
  }
  return undefined;
}

/** The server's clock, as it prints what Reverie asks it for. */
const CLOCKS = (['ms', 'ns'] as const).map((precision) => ({
  precision,
  text: printExpression(serverTime(precision), { literals: true }).text,
}));

const createdAt: Writer = ({ field, type, name }, { source }) => {
  const clock = CLOCKS.find(({ text }) => text === field.default);
  if (type.kind !== 'datetime' || clock === undefined || !field.readonly) return undefined;
  if (field.value !== undefined || !isOpen(field.permissions, true)) return undefined;
  return serverMade(source.use('CreatedAt'), 'Date', { name, ...precisionOf(clock), comment: commentOf(field) });
};

const updatedAt: Writer = ({ field, type, name }, { source }) => {
  const clock = CLOCKS.find(({ text }) => text === field.value);
  if (type.kind !== 'datetime' || clock === undefined || field.readonly) return undefined;
  if (field.default !== undefined || !isOpen(field.permissions, true)) return undefined;
  return serverMade(source.use('UpdatedAt'), 'Date', { name, ...precisionOf(clock), comment: commentOf(field) });
};

/** By its name: a count from 1, or a time, may be anything. */
const version: Writer = ({ field, type }, { source }) => {
  const isCount = type.kind === 'int' && field.default === '1';
  const isTime = type.kind === 'datetime' && field.default === CLOCKS[0]?.text;
  if (field.path[0] !== 'version' || !(isCount || isTime) || field.readonly) return undefined;
  if (field.value !== undefined || !isOpen(field.permissions, true)) return undefined;
  const options = { type: isTime ? quoted('datetime') : undefined, comment: commentOf(field) };
  return serverMade(source.use('Version'), isTime ? 'Date' : 'number', options);
};

const softDelete: Writer = ({ field, name }, { source, softDelete: column }) => {
  if (field.path[0] !== column || !isOpen(field.permissions, true)) return undefined;
  const decorator = decoratorText(source.use('SoftDelete'), objectText({ name, comment: commentOf(field) }));
  return { decorator, type: 'Date', optional: true, covers: false };
};

const HASHED =
  /^IF \$value = NONE OR \$value = \$before OR string::matches\(\$value, '[^']*'\) \{ \$value \} ELSE \{ crypto::(argon2|bcrypt|pbkdf2|scrypt)::generate\(\$value\) \}$/;

const encrypted: Writer = ({ field, type, name }, { source }) => {
  const { optional, type: bare } = withoutNone(type);
  const algorithm = HASHED.exec(field.value ?? '')?.[1];
  if (bare.kind !== 'string' || algorithm === undefined || field.default !== undefined || field.readonly)
    return undefined;
  const options = objectText({
    name,
    optional: optional ? 'true' : undefined,
    permissions: permissionsText(field.permissions, true, source),
    comment: commentOf(field),
  });
  const decorator = decoratorText(source.use('Encrypted'), quoted(algorithm), options);
  return { decorator, type: `${source.useType('WriteOnly')}<string>`, optional, covers: false };
};

/** A VALUE that does not look at what is written leaves nothing to write. */
const storedComputed: Writer = ({ field, type, name }, { source }) => {
  const { value, kind, readonly, default: preset, permissions } = field;
  if (value === undefined || kind === undefined || readonly || preset !== undefined) return undefined;
  if (/\$(value|input|before|after|event)\b/.test(value) || !isOpen(permissions, true)) return undefined;
  const bare = withoutNone(type);
  const options = objectText({ type: quoted(printType(type)), stored: 'true', name, comment: commentOf(field) });
  const decorator = decoratorText(source.use('Computed'), surqlText(value, source), options);
  return { decorator, type: tsType(bare.type, source), optional: bare.optional, covers: false, isFixed: true };
};

const WRITERS: readonly Writer[] = [createdAt, updatedAt, version, softDelete, encrypted, storedComputed];

function precisionOf({ precision }: (typeof CLOCKS)[number]): { readonly precision: string | undefined } {
  return { precision: precision === 'ns' ? quoted('ns') : undefined };
}

function serverMade(decorator: string, type: string, options: Readonly<Record<string, string | undefined>>): Written {
  return {
    decorator: decoratorText(decorator, objectText(options)),
    type,
    optional: false,
    covers: false,
    isFixed: true,
  };
}

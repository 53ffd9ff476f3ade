import type {
  EmbeddedMetadata,
  EntityClass,
  EntityMetadata,
  FieldMetadata,
  PropertyMetadata,
} from '../metadata/entity-metadata.js';
import type { ClassValidator, ClassValidatorError, ClassValidatorOptions } from './class-validator.js';
import { asInstance, viewOf } from './entity-view.js';
import type { Finding } from './finding.js';
import type { RuleSource, Subject } from './rule-source.js';

type Members = Readonly<Record<string, unknown>>;
type EmbeddedField = FieldMetadata & { readonly embedded: EmbeddedMetadata };

/**
 * The decorators of class-validator. Rules without groups always count, those of the groups `create` and `update` for that
 * action, and those of the given groups. Embedded classes are gone into without `@ValidateNested`.
 */
export class ClassValidatorRules implements RuleSource {
  readonly #library: ClassValidator;
  readonly #groups: readonly string[];
  readonly #decorated = new Map<EntityClass, boolean>();

  constructor(library: ClassValidator, groups: readonly string[]) {
    this.#library = library;
    this.#groups = groups;
  }

  knows({ target, properties }: EntityMetadata): boolean {
    return this.#hasRules(target, properties);
  }

  findings({ action, meta, entity }: Subject): Promise<readonly Finding[]> {
    const options: ClassValidatorOptions = {
      groups: [action, ...this.#groups],
      always: true,
      forbidUnknownValues: false,
      validationError: { target: false, value: false },
    };
    return this.#walk(viewOf(meta, entity, asInstance), meta.target, meta.properties, options);
  }

  async #walk(
    subject: Members,
    target: EntityClass,
    properties: readonly PropertyMetadata[],
    options: ClassValidatorOptions,
  ): Promise<readonly Finding[]> {
    const own = this.#isDecorated(target) ? (await this.#library.validate(subject, options)).flatMap(flatten) : [];
    const nested = embeddedFields(properties).flatMap(({ property, embedded }) =>
      membersOf(subject[property]).map(async ([index, member]) => {
        const found = await this.#walk(member, embedded.target, embedded.fields, options);
        return found.map((each) => ({ ...each, path: [property, ...index, ...each.path] }));
      }),
    );
    return [...own, ...(await Promise.all(nested)).flat()];
  }

  #hasRules(target: EntityClass, properties: readonly PropertyMetadata[]): boolean {
    if (this.#isDecorated(target)) return true;
    return embeddedFields(properties).some(({ embedded }) => this.#hasRules(embedded.target, embedded.fields));
  }

  #isDecorated(target: EntityClass): boolean {
    const known = this.#decorated.get(target);
    if (known !== undefined) return known;
    const found = this.#library.getMetadataStorage().getTargetValidationMetadatas(target, '', true, false).length > 0;
    this.#decorated.set(target, found);
    return found;
  }
}

function embeddedFields(properties: readonly PropertyMetadata[]): readonly EmbeddedField[] {
  return properties.filter((each): each is EmbeddedField => each.kind === 'field' && each.embedded !== undefined);
}

/** The embedded objects of a property, with their place where they stand in a list. */
function membersOf(held: unknown): readonly (readonly [index: readonly number[], member: Members])[] {
  if (Array.isArray(held)) return held.flatMap((item, index) => (isObject(item) ? [[[index], item] as const] : []));
  return isObject(held) ? [[[], held]] : [];
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null;
}

function flatten({ property, constraints = {}, children = [] }: ClassValidatorError): Finding[] {
  return [
    ...Object.entries(constraints).map(([rule, message]) => ({ path: [property], message, rule })),
    ...children.flatMap(flatten).map((found) => ({ ...found, path: [property, ...found.path] })),
  ];
}

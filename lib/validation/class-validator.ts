import { MetadataError } from '../errors/index.js';
import { optionalPeer } from '../metadata/optional-peer.js';

/** What is used of the optional peer. */
export interface ClassValidator {
  validate(subject: object, options: ClassValidatorOptions): Promise<readonly ClassValidatorError[]>;
  getMetadataStorage(): {
    getTargetValidationMetadatas(
      target: unknown,
      schema: string,
      always: boolean,
      strictGroups: boolean,
    ): readonly unknown[];
  };
}

export interface ClassValidatorOptions {
  readonly groups: string[];
  readonly always: boolean;
  readonly forbidUnknownValues: boolean;
  readonly validationError: { readonly target: boolean; readonly value: boolean };
}

export interface ClassValidatorError {
  readonly property: string;
  /** Messages by rule. */
  readonly constraints?: Readonly<Record<string, string>>;
  readonly children?: readonly ClassValidatorError[];
}

/** @throws MetadataError where it is not installed */
export async function loadClassValidator(): Promise<ClassValidator> {
  const library = await optionalPeer<ClassValidator>('class-validator');
  if (library !== undefined) return library;
  throw new MetadataError({
    what: 'validate: true runs the rules of class-validator, which is not installed',
    fix: ['npm install class-validator', 'leave the option out: @Table({ schemaValidator }) works without it'],
  });
}

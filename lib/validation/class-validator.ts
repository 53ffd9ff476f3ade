import { MetadataError } from '../errors/index.js';

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

/** Behind a name, so that bundlers do not ask for what an application does without. */
const PEER: string = 'class-validator';

/** @throws MetadataError where it is not installed */
export async function loadClassValidator(): Promise<ClassValidator> {
  try {
    const loaded = (await import(PEER)) as ClassValidator & { readonly default?: ClassValidator };
    return loaded.default === undefined ? loaded : loaded.default;
  } catch (cause) {
    throw new MetadataError({
      what: 'validate: true runs the rules of class-validator, which cannot be loaded',
      why: cause instanceof Error ? cause.message.split('\n')[0] : String(cause),
      fix: ['npm install class-validator', 'leave the option out: @Table({ schemaValidator }) works without it'],
      cause,
    });
  }
}

import { inspect } from 'node:util';
import { MetadataError, ReverieError, ValidationError } from '../../lib/index.js';

describe('the text of an error', () => {
  it('joins what, why and the ways out', () => {
    const error = new ReverieError({ what: 'It fails', why: 'it is broken', fix: ['mend it', 'leave it'] });
    expect(error.message).toBe('It fails: it is broken\nHow to fix:\n  - mend it\n  - leave it');
    expect(new ReverieError({ what: 'It fails', fix: 'mend it' }).message).toBe('It fails\nHow to fix: mend it');
  });

  it('starts a sentence for the reason where one has ended', () => {
    expect(new ReverieError({ what: 'No field "nmae".', why: 'it has name' }).message).toBe(
      'No field "nmae". It has name',
    );
    expect(new ReverieError({ what: 'Did you?', why: 'perhaps' }).message).toBe('Did you? Perhaps');
  });

  it('is said once on a console', () => {
    const error = new MetadataError({ what: 'One problem\n  - User: the entity has no @Id', problems: ['User: …'] });
    const shown = inspect(error);
    expect(shown.match(/the entity has no @Id/g)).toHaveLength(1);
    expect(shown).toContain("code: 'METADATA'");
    expect(error).toMatchObject({ what: expect.stringContaining('@Id') as string, problems: ['User: …'], fix: [] });
  });

  it('is whole in JSON, without the cause', () => {
    const errors = [{ path: 'User.age', message: 'no', rule: 'type' }];
    const error = new ValidationError({
      what: 'It fails',
      why: 'no',
      fix: 'mend it',
      errors,
      cause: new Error('secret'),
    });
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'ValidationError',
      code: 'VALIDATION',
      message: 'It fails: no\nHow to fix: mend it',
      what: 'It fails',
      why: 'no',
      fix: ['mend it'],
      errors,
    });
  });
});

describe('an error told from others', () => {
  const error = new ValidationError({ what: 'It fails', errors: [] });

  it('by its class and those above it', () => {
    expect([ReverieError.is(error), ValidationError.is(error), MetadataError.is(error)]).toEqual([true, true, false]);
    expect([ReverieError.is(new Error('other')), ValidationError.is(undefined)]).toEqual([false, false]);
  });

  it('also where another copy of the package made it', () => {
    jest.isolateModules(() => {
      const copy = jest.requireActual<typeof import('../../lib/index.js')>('../../lib/index.js');
      const foreign = new copy.ValidationError({ what: 'It fails', errors: [] });
      expect(foreign instanceof ValidationError).toBe(false);
      expect([ReverieError.is(foreign), ValidationError.is(foreign), MetadataError.is(foreign)]).toEqual([
        true,
        true,
        false,
      ]);
    });
  });
});

import { where } from '../../../lib/query/where-helper.js';

describe('where() leaves out what is undefined', () => {
  it.each([
    [{ a: undefined, b: 1 }, { b: 1 }],
    [{ a: { b: undefined } }, {}],
    [{ $or: [{ a: undefined }, { b: 1 }] }, { $or: [{ b: 1 }] }],
    [{ $or: [{ a: undefined }] }, {}],
    [{ $and: [{ $or: [{ a: undefined }] }], b: 1 }, { b: 1 }],
    [{ $or: [] }, { $or: [] }],
    [{ a: { $in: [undefined, 1] } }, { a: { $in: [1] } }],
    [{ a: { $in: [undefined] } }, { a: { $in: [] } }],
  ])('%j', (given, kept) => {
    expect(where(given)).toEqual(kept);
  });
});

import { didYouMean, nearestWord } from '../../../lib/types/index.js';

describe('nearestWord', () => {
  test.each([
    ['strng', 'string'],
    ['stirng', 'string'],
    ['Datetime', 'datetime'],
    ['nmae', 'name'],
    ['emial', 'email'],
    ['qqqqqq', undefined],
    ['', undefined],
  ])('%s → %s', (word, expected) => {
    expect(nearestWord(word, ['string', 'int', 'datetime', 'name', 'email'])).toBe(expected);
  });

  test('the nearer of two wins', () => {
    expect(nearestWord('titel', ['tile', 'title', 'tie'])).toBe('title');
  });

  test('as a sentence', () => {
    expect(didYouMean('strng', ['string'])).toBe(' Did you mean "string"?');
    expect(didYouMean('xyz', ['string'])).toBe('');
  });
});

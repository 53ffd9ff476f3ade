/** A longest subsequence of different numbers in which each is larger than the one before. */
export function longestRise(numbers: readonly number[]): number[] {
  /** By length: the index of the smallest number that a rise of that length ends with. */
  const ends: number[] = [];
  /** By index: the index of the number before it in its rise. */
  const before: (number | undefined)[] = [];
  for (const [index, number] of numbers.entries()) {
    const length = firstAtLeast(ends, number, numbers);
    before[index] = ends[length - 1];
    ends[length] = index;
  }
  const rise: number[] = [];
  for (let index = ends.at(-1); index !== undefined; index = before[index]) rise.push(numbers[index] as number);
  return rise.reverse();
}

function firstAtLeast(ends: readonly number[], number: number, numbers: readonly number[]): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[ends[middle] as number] as number) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

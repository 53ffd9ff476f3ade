import { answersOf } from '../shared/findings';
import { silent } from '../shared/progress';
import { tour } from './tour';

describe('flights', () => {
  it('answers every question from the real data', async () => {
    const answers = answersOf(await tour(silent));
    expect(answers).toMatchObject({
      'Is there anything left to sync?': 'no',
      'Airports loaded': '3,376',
      'Routes loaded': '5,366',
      'Airports in Alaska': '263',
      'Non-stop from ABE · Allentown': '10: ATL BHM CLE CLT CVG DTW JFK LGA ORD PHL',
      'With one stop from ABE · Allentown': '209 airports',
      'What does a transaction that fails leave behind?':
        '"second thoughts": 0 airports more, ABE is "Lehigh Valley International" still',
      'A change elsewhere arrives as a live event': 'update airport:JNU: Juneau International (renovated)',
    });
    expect(answers['Busiest routes, ends fetched']).toMatch(/^SFO → LAX {2}13,788\n/);
    expect(answers['Within 60 km of ABE · Allentown']).toMatch(/\bABE\b/);
  });
});

import { answersOf } from '../shared/findings';
import { silent } from '../shared/progress';
import { tour } from './tour';

describe('movies', () => {
  it('answers every question from the real data', async () => {
    const answers = answersOf(await tour(silent));
    expect(answers).toMatchObject({
      'Movies and directors loaded': '3,200 and 550',
      '… and with "story" in its title': 'Toy Story\nToy Story 2\nToy Story 3',
      'Genres by rating': 'Documentary: 7.00 (43)\nDrama: 6.77 (789)\nMusical: 6.45 (53)',
      'Who made fifteen and more, and the best of them':
        "Martin Scorsese: Goodfellas\nSpike Lee: Do the Right Thing\nSteven Spielberg: Schindler's List\nWoody Allen: Annie Hall",
      'The nineties by gross, second page': 'Forrest Gump\nThe Lion King\nIndependence Day\nof 769 in all',
      'All of them, 500 at a time': '3,200, the longest title has 66 letters',
    });
    expect(answers['Titles with "loving" in any form']).toMatch(/^(.*\[lov(e|ing|ed)\].*\n?){4}$/i);
    expect(answers['Like "Toy Story", of this century']).toContain('Finding Nemo');
  });
});

import { showFindings } from '../shared/findings';
import { progressBar } from '../shared/progress';
import { tour } from './tour';

tour(progressBar)
  .then((findings) =>
    showFindings('A year of flights between the airports of the USA, in an embedded SurrealDB', findings),
  )
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });

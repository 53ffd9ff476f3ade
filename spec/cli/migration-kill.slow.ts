import { Project } from './support/project.js';
import { killRuns } from './support/kill-runs.js';

test('killed at fifty points, migrations end as those that were not', async () => {
  const project = await Project.open({}, `migrations: { dir: 'db', lease: 600 }`);
  try {
    expect(await killRuns(project, 60)).toBeGreaterThanOrEqual(50);
  } finally {
    await project.close();
  }
}, 900_000);

import type { Project } from './project.js';
import { writeMigrations } from './migrations.js';

/** All records, and the history without its times. */
async function state(project: Project): Promise<unknown> {
  return project.ask(`RETURN {
    items: (SELECT * FROM item ORDER BY id),
    info: (INFO FOR TABLE item).fields,
    history: (SELECT id, checksum, finished, batches FROM reverie_migration ORDER BY id)
  }`);
}

/**
 * Runs migrations to their end, then again as often as asked, killed somewhere on the way each time and run once more.
 * Answers with how many were really cut off.
 */
export async function killRuns(project: Project, points: number): Promise<number> {
  await writeMigrations(project);
  const began = Date.now();
  expect((await project.run('migration:up')).code).toBe(0);
  const whole = Date.now() - began;
  const wanted = await state(project);
  let killed = 0;
  for (let point = 0; point < points; point += 1) {
    await project.empty({ files: false });
    const command = project.start('migration:up');
    // Its start takes most of the time, what it does to the database the rest.
    const wait = setTimeout(() => command.child.kill('SIGKILL'), whole * (0.5 + (0.5 * (point + 1)) / (points + 1)));
    const { signal } = await command.ended;
    clearTimeout(wait);
    if (signal === 'SIGKILL') killed += 1;
    expect(await project.run('migration:up')).toMatchObject({ code: 0 });
    expect(await state(project)).toEqual(wanted);
  }
  return killed;
}

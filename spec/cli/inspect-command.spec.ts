import { Project } from './support/project.js';

describe('reverie inspect', () => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.open();
    await project.ask(`
      DEFINE TABLE user SCHEMAFULL; DEFINE FIELD name ON user TYPE string;
      DEFINE TABLE wrote TYPE RELATION IN user OUT post; DEFINE TABLE post SCHEMAFULL;
      DEFINE FIELD author ON post TYPE option<record<user>> REFERENCE ON DELETE UNSET;
      DEFINE FUNCTION fn::one() { RETURN 1 }; DEFINE PARAM $whole VALUE 5f;`);
  });
  afterAll(() => project.close());

  it('writes classes that find nothing to do, and keeps files that are there', async () => {
    const { code, err, out } = await project.run('inspect', '--out', 'src', '--json');
    expect(code).toBe(0);
    expect(err).toContain('no decorator says: param whole');
    expect(JSON.parse(out)).toMatchObject({
      written: ['post.entity.ts', 'user.entity.ts', 'wrote.entity.ts', 'database.ts'],
      kept: [],
    });
    expect(await project.run('schema:plan', '--check')).toMatchObject({ code: 0, err: '' });
    await project.write('src/user.entity.ts', `${await project.read('src/user.entity.ts')}\n// mine\n`);
    const again = await project.run('inspect', '--out', 'src', '--json');
    expect(JSON.parse(again.out)).toMatchObject({ written: [] });
    expect(await project.read('src/user.entity.ts')).toContain('// mine');
    expect((await project.run('inspect', '--out', 'src', '--force')).code).toBe(3);
    expect((await project.run('inspect', '--out', 'src', '--force', '--yes')).code).toBe(0);
    expect(await project.read('src/user.entity.ts')).not.toContain('// mine');
  });
});

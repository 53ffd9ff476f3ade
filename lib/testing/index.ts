export { createTestOrm, type TestOrmOptions } from './create-test-orm.js';
export {
  RecordedChannel,
  RecordingDriver,
  type RecordedAnswer,
  type RecordedRequest,
  type RecordingDriverOptions,
} from './recording-driver.js';

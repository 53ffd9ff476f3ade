export { loadRules, type ValidateOptions } from './application-rules.js';

export * from './expressions.js';
export * from './statements.js';
export * from './definitions.js';

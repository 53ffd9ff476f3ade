export type { FragmentNode as SurqlFragment } from './nodes/expressions.js';

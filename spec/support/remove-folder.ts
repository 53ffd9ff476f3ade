import { rm } from 'node:fs/promises';

/** Removes a folder that an engine had open: it may go on writing for some milliseconds after it was closed. */
export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

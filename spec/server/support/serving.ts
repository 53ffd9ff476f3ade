import { startServer, type RunningServer, type ServerOptions } from '../../../lib/server/index.js';

/** Runs work with a server of its own, which is closed whatever becomes of the work. */
export async function serving<T>(options: ServerOptions, work: (server: RunningServer) => Promise<T>): Promise<T> {
  const server = await startServer(options.unauthenticated ? options : { user: 'root', pass: 'root', ...options });
  try {
    return await work(server);
  } finally {
    await server.close();
  }
}

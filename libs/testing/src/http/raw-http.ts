import { connect } from 'node:net';

/**
 * Writes bytes to a server and answers all it sent until it closed the connection: for framing that no HTTP client
 * would produce.
 * @param url `http://127.0.0.1:3000`
 * @param bytes sent as they are, in order; a string is latin1
 */
export function exchange(url: string, ...bytes: readonly (string | Buffer)[]): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const received: string[] = [];
    const socket = connect(Number(port), hostname, () => {
      for (const chunk of bytes)
        socket.write(typeof chunk === 'string' ? Buffer.from(chunk, 'latin1') : chunk);
    });
    socket.setEncoding('latin1').on('data', (chunk: string) => received.push(chunk));
    socket.on('close', () => resolve(received.join('')));
    // A reset after the answer is how a server drops what it did not read.
    socket.on('error', (error) => {
      if (received.length === 0) reject(error);
    });
  });
}

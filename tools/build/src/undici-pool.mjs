/**
 * Stands for `undici` in a built gateway: what the libs import, taken from undici's own files, so that the other half
 * of the package is neither loaded nor kept in memory. A name that the libs begin to use and that is missing here fails
 * the build.
 */
import api from 'undici/lib/api/index.js';
import buildConnector from 'undici/lib/core/connect.js';
import errors from 'undici/lib/core/errors.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import Pool from 'undici/lib/dispatcher/pool.js';

// As undici's index does.
Object.assign(Dispatcher.prototype, api);

export { Agent, buildConnector, errors, Pool };

import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type ProblemAnswers } from './problem-answers.ts';

/** Turns whatever Nest caught (guards, pipes, controllers) into the problem document. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #problems: ProblemAnswers;

  constructor(problems: ProblemAnswers) {
    this.#problems = problems;
  }

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.#problems.send(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }
}

/** The same packages as their documentation puts them together, with default options: what Facet is measured against. */
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { HttpModule, HttpService } from '@nestjs/axios';
import { Controller, Get, Injectable, Module, UseGuards } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import CircuitBreaker from 'opossum';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { firstValueFrom } from 'rxjs';

interface Order {
  id: string;
  status: string;
  total: { amount: number; currency: string };
  itemCount: number;
  placedAt: string;
}

@Injectable()
class JwtStrategy extends PassportStrategy(Strategy) {
  constructor() {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKey: readFileSync(process.env['PUBLIC_KEY_FILE'] ?? '', 'utf8'),
      algorithms: ['RS256'],
    });
  }

  validate(payload: { sub: string }): { id: string } {
    return { id: payload.sub };
  }
}

@Controller('orders')
class OrdersController {
  private readonly breaker: CircuitBreaker<[], { items: Order[] }>;

  constructor(http: HttpService) {
    const url = `${process.env['UPSTREAM_URL']}/orders`;
    this.breaker = new CircuitBreaker(
      async () => (await firstValueFrom(http.get<{ items: Order[] }>(url))).data,
    );
  }

  @UseGuards(AuthGuard('jwt'))
  @Get()
  async list(): Promise<{ items: unknown[] }> {
    const { items } = await this.breaker.fire();
    return {
      items: items.map(({ id, status, total, itemCount, placedAt }) => ({
        id,
        status,
        total: total.amount,
        currency: total.currency,
        itemCount,
        placedAt,
      })),
    };
  }
}

@Module({
  imports: [HttpModule, PassportModule, ThrottlerModule.forRoot([{ ttl: 60_000, limit: 10_000_000 }])],
  controllers: [OrdersController],
  providers: [JwtStrategy, { provide: APP_GUARD, useClass: ThrottlerGuard }],
})
class StockModule {}

const app = await NestFactory.create<NestFastifyApplication>(StockModule, new FastifyAdapter(), {
  logger: false,
});
await app.listen(0, '127.0.0.1');
process.send?.({ port: Number(new URL(await app.getUrl()).port) });

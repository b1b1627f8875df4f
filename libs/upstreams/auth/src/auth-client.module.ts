import { Module } from '@nestjs/common';
import { AuthClient } from './auth.client.ts';

@Module({ providers: [AuthClient], exports: [AuthClient] })
export class AuthClientModule {}

/** The node reads `{"error":{"code","message"}}`; Vendure's own filter would leave out both. */
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common'
import type { Response } from 'express'

@Catch(HttpException)
export class FailureFilter implements ExceptionFilter {
  catch(exception: HttpException, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>()
    response.status(exception.getStatus()).json(exception.getResponse())
  }
}

import { render } from 'preact'

render(<h1>Stockmesh</h1>, document.body)

import 'uplot/dist/uPlot.min.css';
import './style.css';
import './parts.css';
import { render } from 'preact';
import { App } from './app.js';

const root = document.querySelector('#app');
if (root !== null) render(<App />, root);

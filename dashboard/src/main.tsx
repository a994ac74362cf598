import 'uplot/dist/uPlot.min.css';
import './styles/colours.css';
import './styles/frame.css';
import './styles/status-bar.css';
import './styles/parts.css';
import './styles/forms.css';
import './styles/tables.css';
import './styles/plans.css';
import './styles/plan.css';
import { render } from 'preact';
import { App } from './app.js';

const root = document.querySelector('#app');
if (root !== null) render(<App />, root);

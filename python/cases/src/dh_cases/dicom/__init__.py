"""DICOM: CT series, contours, plans and doses."""
